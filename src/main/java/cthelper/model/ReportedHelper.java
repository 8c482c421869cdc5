package cthelper.model;

/**
 * A conntrack helper with what became of it. Both are of one moment: a status never speaks of
 * another revision than this one.
 */
public record ReportedHelper(ConntrackHelper helper, HelperStatus status) {}
