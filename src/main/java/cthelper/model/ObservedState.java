package cthelper.model;

import java.util.List;

/**
 * What came of asking a node to hold a desired state. Exactly one of four things; each is safe to
 * report again.
 */
public sealed interface ObservedState {

  /**
   * The kernel holds the desired state of this fence, read back after the change: a verdict for
   * each of its helpers, refused ones left out of the kernel.
   *
   * @param changed false when everything was right already and nothing was written
   */
  record Held(Fence fence, List<Verdict> verdicts, boolean changed) implements ObservedState {
    public Held {
      verdicts = List.copyOf(verdicts);
    }

    /** The same, but what was proven is refused for this reason. */
    public Held refusedAs(Reason reason, String detail) {
      return new Held(
          fence,
          verdicts.stream()
              .map(verdict -> verdict.proven() ? verdict.refusedAs(reason, detail) : verdict)
              .toList(),
          changed);
    }
  }

  /** The attempt failed as a whole; what was in the kernel before is still there. */
  record Failed(Fence desired, Reason reason, String detail) implements ObservedState {}

  /** The namespace holds (or its node remembers) a newer state: ours was old news. */
  record Superseded(Fence desired, Fence held) implements ObservedState {}

  /** There is no such namespace on the node (any more). */
  record Gone() implements ObservedState {}
}
