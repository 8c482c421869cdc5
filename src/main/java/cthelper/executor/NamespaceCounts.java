package cthelper.executor;

/**
 * How the names of router namespaces on this machine are doing.
 *
 * @param open entered: what is desired can be done there
 * @param waiting there by name, but not open: nothing mounted yet, not enterable, another name of
 *     an open one, or no file descriptor left
 */
record NamespaceCounts(int open, int waiting) {

  static final NamespaceCounts NONE = new NamespaceCounts(0, 0);
}
