package cthelper.model;

import java.util.UUID;

/**
 * One conntrack helper as a node is to hold it.
 *
 * @param id of the stored conntrack helper; it becomes the comment of the kernel's map element
 * @param revision the conntrack helper's own revision, which a {@link Verdict} names
 */
public record DesiredHelper(UUID id, long revision, HelperSpec spec) {}
