package cthelper.model;

import java.util.UUID;

/**
 * The id of a node's executor, made once and kept in its data directory; an agent id on the wire.
 */
public record NodeId(UUID value) {

  @Override
  public String toString() {
    return value.toString();
  }
}
