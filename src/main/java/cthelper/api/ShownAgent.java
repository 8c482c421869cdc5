package cthelper.api;

import static cthelper.api.ValueTypes.bool;
import static cthelper.api.ValueTypes.readOnly;
import static cthelper.api.ValueTypes.text;
import static cthelper.api.ValueTypes.uuid;

import cthelper.model.HelperCatalog;
import cthelper.model.NodeView;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A node as answers show it, and the attribute table of {@code agent}: what {@code openstack
 * network agent list} prints.
 *
 * <p>Example: {@code {"id": "1a16…", "agent_type": "Conntrack helper agent", "host": "net-1",
 * "alive": true, "admin_state_up": true, "configurations": {"kernel": "6.18.44", "helpers":
 * {"ftp:tcp": ["IPv4", "IPv6"]}, "placements": 12}, …}}.
 */
record ShownAgent(NodeView node) {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

  static final AttributeTable<ShownAgent> TABLE =
      new AttributeTable<>(
          "agent",
          "agents",
          List.of(
              attribute("id", uuid(), shown -> shown.node.node().id().toString()).filterable(),
              attribute("agent_type", text(255), _ -> "Conntrack helper agent").filterable(),
              attribute("binary", text(255), _ -> "conntrack-helper").filterable(),
              attribute("topic", text(255), _ -> "conntrack_helper").filterable(),
              attribute("host", text(255), shown -> shown.node.node().name()).filterable(),
              attribute("alive", bool(), shown -> shown.node.alive()).filterable(),
              attribute("admin_state_up", bool(), _ -> true).filterable(),
              attribute("availability_zone", readOnly(), _ -> (@Nullable String) null),
              attribute("description", text(255), _ -> "").filterable(),
              attribute("created_at", readOnly(), shown -> time(shown.node.createdAt())).sortable(),
              attribute("started_at", readOnly(), shown -> time(shown.node.connectedAt()))
                  .sortable(),
              attribute("heartbeat_timestamp", readOnly(), shown -> time(shown.node.heardAt()))
                  .sortable(),
              attribute("resources_synced", readOnly(), _ -> (@Nullable Boolean) null),
              attribute("configurations", readOnly(), ShownAgent::configurations)));

  private static Map<String, Object> configurations(ShownAgent shown) {
    Map<String, Object> helpers = new LinkedHashMap<>();
    HelperCatalog.all()
        .forEach(type -> {
          var families = shown.node.node().helpers().getOrDefault(type, Set.of());
          if (!families.isEmpty()) {
            helpers.put(type.toString(), HelperTypesResource.names(families));
          }
        });
    Map<String, Object> configurations = new LinkedHashMap<>();
    configurations.put("kernel", shown.node.node().kernel());
    configurations.put("helpers", helpers);
    configurations.put("placements", shown.node.placements());
    return configurations;
  }

  /** Agents have their own form of time in Neutron. */
  private static String time(Instant instant) {
    return TIME.format(instant);
  }

  /** Fixes the first type parameter, which the compiler cannot infer from a lambda. */
  private static <V> Attribute<ShownAgent, V> attribute(
      String name, ValueType<V> type, Function<ShownAgent, @Nullable V> shown) {
    return Attribute.of(name, type, shown);
  }
}
