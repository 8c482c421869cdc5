package cthelper.api;

import static cthelper.api.ValueTypes.integer;
import static cthelper.api.ValueTypes.protocol;
import static cthelper.api.ValueTypes.readOnly;
import static cthelper.api.ValueTypes.someText;
import static cthelper.api.ValueTypes.text;
import static cthelper.api.ValueTypes.textOrNumber;
import static cthelper.api.ValueTypes.uuid;

import cthelper.auth.Caller;
import cthelper.model.ConntrackHelper;
import cthelper.model.HelperSpec;
import cthelper.model.HelperStatus;
import cthelper.model.ReportedHelper;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A conntrack helper as answers show it, and the attribute table of {@code conntrack_helper}.
 *
 * <p>Example: {@code {"id": "6f1c…", "protocol": "tcp", "port": 21, "helper": "ftp", "status":
 * "ACTIVE", "status_reason": "", "revision_number": 1, "created_at": "2026-08-01T12:00:00Z",
 * "updated_at": "2026-08-01T12:00:00Z"}}. The first four are Neutron's; the others are ours and
 * read-only. A create may name a project, which is not stored: a helper belongs to its router.
 */
record ShownHelper(ConntrackHelper helper, HelperStatus status) {

  static final Attribute<ShownHelper, String> ID =
      attribute("id", uuid(), shown -> shown.helper.id().toString()).filterable();

  static final Attribute<ShownHelper, String> PROJECT_ID =
      Attribute.<ShownHelper, String>hidden("project_id", someText(255)).optional();

  static final Attribute<ShownHelper, String> PROTOCOL =
      attribute("protocol", protocol(), shown -> shown.helper.spec().protocol().wireName())
          .required()
          .updatable()
          .filterable();

  static final Attribute<ShownHelper, Long> PORT =
      attribute(
              "port",
              integer(HelperSpec.MIN_PORT, HelperSpec.MAX_PORT),
              shown -> (long) shown.helper.spec().port())
          .required()
          .updatable()
          .filterable();

  static final Attribute<ShownHelper, String> HELPER =
      attribute("helper", textOrNumber(64), shown -> shown.helper.spec().type().name())
          .required()
          .updatable()
          .filterable();

  static final Attribute<ShownHelper, String> STATUS =
      attribute("status", text(16), shown -> shown.status.state().name()).filterable();

  static final Attribute<ShownHelper, Long> REVISION_NUMBER =
      attribute("revision_number", integer(0, Long.MAX_VALUE), shown -> shown.helper.revision())
          .filterable();

  static final AttributeTable<ShownHelper> TABLE = table(shown -> shown.status.reason());

  /** What others than administrators see: a reason without nodes, namespaces and programs. */
  static final AttributeTable<ShownHelper> MEMBERS_TABLE =
      table(shown -> shown.status.publicReason());

  static AttributeTable<ShownHelper> tableFor(Caller caller) {
    return caller.isAdmin() ? TABLE : MEMBERS_TABLE;
  }

  private static AttributeTable<ShownHelper> table(Function<ShownHelper, @Nullable String> reason) {
    return new AttributeTable<>(
        "conntrack_helper",
        "conntrack_helpers",
        List.of(
            ID,
            PROJECT_ID,
            PROTOCOL,
            PORT,
            HELPER,
            STATUS,
            attribute("status_reason", readOnly(), reason).sortable(),
            REVISION_NUMBER,
            attribute("created_at", readOnly(), shown -> Times.wire(shown.helper.createdAt()))
                .sortable(),
            attribute("updated_at", readOnly(), shown -> Times.wire(shown.helper.updatedAt()))
                .sortable()));
  }

  static ShownHelper of(ReportedHelper reported) {
    return new ShownHelper(reported.helper(), reported.status());
  }

  /** Fixes the first type parameter, which the compiler cannot infer from a lambda. */
  private static <V> Attribute<ShownHelper, V> attribute(
      String name, ValueType<V> type, Function<ShownHelper, @Nullable V> shown) {
    return Attribute.of(name, type, shown);
  }
}
