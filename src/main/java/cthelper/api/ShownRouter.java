package cthelper.api;

import static cthelper.api.ValueTypes.bool;
import static cthelper.api.ValueTypes.integer;
import static cthelper.api.ValueTypes.nothing;
import static cthelper.api.ValueTypes.readOnly;
import static cthelper.api.ValueTypes.someText;
import static cthelper.api.ValueTypes.text;
import static cthelper.api.ValueTypes.uuid;

import com.fasterxml.jackson.databind.JsonNode;
import cthelper.auth.Caller;
import cthelper.model.ConntrackHelper;
import cthelper.model.Router;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A router as answers show it, and the attribute table of {@code router}: what OpenStack clients
 * expect of one, with its conntrack helpers embedded (extension {@code
 * expose-l3-conntrack-helper}).
 *
 * <p>Example: {@code {"id": "5c9e…", "name": "edge", "status": "ACTIVE", "project_id": "…",
 * "routes": [], "conntrack_helpers": [{"protocol": "tcp", "port": 21, "helper": "ftp"}], …}}. What
 * this service does not have (gateways, routes, availability zones, flavors, tags) is always empty,
 * and only empty values are taken for it.
 */
record ShownRouter(Router router, List<ConntrackHelper> helpers) {

  private static final String ALWAYS_ACTIVE = "ACTIVE";

  static final Attribute<ShownRouter, String> ID =
      attribute("id", uuid(), shown -> shown.router.id().toString()).optional().filterable();

  static final Attribute<ShownRouter, String> NAME =
      attribute("name", text(255), shown -> shown.router.name())
          .optional()
          .updatable()
          .filterable();

  static final Attribute<ShownRouter, String> DESCRIPTION =
      attribute("description", text(255), shown -> shown.router.description())
          .optional()
          .updatable()
          .filterable();

  static final Attribute<ShownRouter, Boolean> ADMIN_STATE_UP =
      attribute("admin_state_up", bool(), shown -> shown.router.adminStateUp())
          .optional()
          .updatable()
          .filterable();

  static final Attribute<ShownRouter, String> PROJECT_ID =
      attribute("project_id", someText(255), shown -> shown.router.projectId())
          .optional()
          .filterable();

  /** The older name of the same; bodies are read with the newer one only. */
  static final Attribute<ShownRouter, String> TENANT_ID =
      attribute("tenant_id", someText(255), shown -> shown.router.projectId()).filterable();

  static final Attribute<ShownRouter, Boolean> DISTRIBUTED =
      attribute("distributed", bool(), shown -> shown.router.distributed())
          .optional()
          .updatable()
          .filterable();

  static final Attribute<ShownRouter, Boolean> HA =
      attribute("ha", bool(), shown -> shown.router.ha()).optional().updatable().filterable();

  static final AttributeTable<ShownRouter> TABLE =
      new AttributeTable<>(
          "router",
          "routers",
          List.of(
              ID,
              NAME,
              DESCRIPTION,
              ADMIN_STATE_UP,
              attribute("status", text(16), shown -> ALWAYS_ACTIVE).filterable(),
              PROJECT_ID,
              TENANT_ID,
              absent("external_gateway_info").optional().updatable(),
              emptyList("routes").optional().updatable(),
              emptyList("availability_zones"),
              emptyList("availability_zone_hints").optional(),
              absent("flavor_id").optional(),
              emptyList("tags"),
              DISTRIBUTED,
              HA,
              attribute(
                      "revision_number",
                      integer(0, Long.MAX_VALUE),
                      shown -> shown.router.revision())
                  .filterable(),
              attribute("created_at", readOnly(), shown -> Times.wire(shown.router.createdAt()))
                  .sortable(),
              attribute("updated_at", readOnly(), shown -> Times.wire(shown.router.updatedAt()))
                  .sortable(),
              attribute(
                  "conntrack_helpers",
                  readOnly(),
                  shown -> shown.helpers.stream().map(ShownRouter::embedded).toList())));

  /** What others than administrators see and may name. */
  static final AttributeTable<ShownRouter> MEMBERS_TABLE = TABLE.without(Set.of(DISTRIBUTED, HA));

  static AttributeTable<ShownRouter> tableFor(Caller caller) {
    return caller.isAdmin() ? TABLE : MEMBERS_TABLE;
  }

  private static Map<String, Object> embedded(ConntrackHelper helper) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("protocol", helper.spec().protocol().wireName());
    object.put("port", helper.spec().port());
    object.put("helper", helper.spec().type().name());
    return object;
  }

  private static Attribute<ShownRouter, JsonNode> absent(String name) {
    return attribute(name, nothing(), shown -> null);
  }

  private static Attribute<ShownRouter, JsonNode> emptyList(String name) {
    return attribute(name, nothing(), shown -> Json.EMPTY_LIST);
  }

  /** Fixes the first type parameter, which the compiler cannot infer from a lambda. */
  private static <V> Attribute<ShownRouter, V> attribute(
      String name, ValueType<V> type, Function<ShownRouter, @Nullable V> shown) {
    return Attribute.of(name, type, shown);
  }
}
