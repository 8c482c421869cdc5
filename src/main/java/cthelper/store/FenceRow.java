package cthelper.store;

import cthelper.model.Fence;
import jakarta.persistence.Tuple;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/** How a statement hands out the fence it has just drawn. */
final class FenceRow {

  /** The end of a statement that writes a router: {@code RETURNING} the router's whole fence. */
  static final String RETURNING_FENCE =
      """

      RETURNING
        (SELECT installation.id FROM installation) AS installation,
        (SELECT installation.epoch FROM installation) AS epoch,
        router.fence AS fence
      """;

  private FenceRow() {}

  /** The fence in the columns {@code installation}, {@code epoch} and {@code fence}. */
  static Fence of(Tuple row) {
    return new Fence(
        row.get("installation", UUID.class),
        row.get("epoch", Integer.class),
        row.get("fence", Long.class));
  }

  /** The same, read by a statement of {@link Statements}. */
  static Fence read(ResultSet row) throws SQLException {
    return new Fence(
        row.getObject("installation", UUID.class), row.getInt("epoch"), row.getLong("fence"));
  }
}
