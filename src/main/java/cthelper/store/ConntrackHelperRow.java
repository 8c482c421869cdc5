package cthelper.store;

import cthelper.model.ConntrackHelper;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperSpec;
import cthelper.model.HelperType;
import cthelper.model.Protocol;
import cthelper.model.RouterId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;

/** The row of a conntrack helper; protocol and helper are the catalogue's words. */
final class ConntrackHelperRow {

  /** The columns that {@link #read} needs, in this order. */
  static final String COLUMNS =
      "id, router_id, protocol, port, helper, revision_number, created_at, updated_at";

  private ConntrackHelperRow() {}

  static ConntrackHelper read(ResultSet row) throws SQLException {
    UUID id = row.getObject(1, UUID.class);
    HelperType type =
        typeOf(row.getString(5), row.getString(3))
            .orElseThrow(
                () -> new IllegalStateException("helper type unknown to this version: " + id));
    return new ConntrackHelper(
        id,
        new RouterId(row.getObject(2, UUID.class)),
        new HelperSpec(type, row.getInt(4)),
        row.getLong(6),
        row.getObject(7, OffsetDateTime.class).toInstant(),
        row.getObject(8, OffsetDateTime.class).toInstant());
  }

  /** The catalogue's type of these two columns; none if only a newer version knows it. */
  static Optional<HelperType> typeOf(String helper, String protocol) {
    return Protocol.ofWireName(protocol).flatMap(known -> HelperCatalog.find(helper, known));
  }
}
