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

  /** The same of a table that goes by the name of h. */
  static final String COLUMNS_OF_H = "h." + COLUMNS.replace(", ", ", h.");

  private ConntrackHelperRow() {}

  static ConntrackHelper read(ResultSet row) throws SQLException {
    return new ConntrackHelper(
        row.getObject(1, UUID.class),
        new RouterId(row.getObject(2, UUID.class)),
        spec(row),
        row.getLong(6),
        row.getObject(7, OffsetDateTime.class).toInstant(),
        row.getObject(8, OffsetDateTime.class).toInstant());
  }

  /** What it is about. */
  static HelperSpec spec(ResultSet row) throws SQLException {
    String helper = row.getString(5);
    String protocol = row.getString(3);
    HelperType type =
        typeOf(helper, protocol)
            .orElseThrow(() ->
                new IllegalStateException(
                    "helper type unknown to this version: " + helper + " over " + protocol));
    return new HelperSpec(type, row.getInt(4));
  }

  /** The catalogue's type of these two columns; none if only a newer version knows it. */
  static Optional<HelperType> typeOf(String helper, String protocol) {
    return Protocol.ofWireName(protocol).flatMap(known -> HelperCatalog.find(helper, known));
  }
}
