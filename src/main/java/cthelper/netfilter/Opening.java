package cthelper.netfilter;

/** What came of opening a socket in a network namespace. */
public sealed interface Opening {

  /** The caller owns the socket. */
  record Opened(NamespaceSocket socket) implements Opening {}

  /**
   * The name is there, but no namespace is mounted on it: {@code ip netns add} makes the file
   * first. Milliseconds later it may be; a name that stays so is no namespace.
   */
  record NotYet() implements Opening {}

  /** There is no such name. */
  record NotThere() implements Opening {}

  /** A privilege is missing; {@code detail} says which one and who can give it. */
  record NotPermitted(String detail) implements Opening {}

  /** The machine is in trouble, for example out of descriptors (EMFILE at open). */
  record Failed(Errno errno, String detail) implements Opening {}
}
