package cthelper.api;

import static cthelper.api.NeutronFault.badRequest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import cthelper.api.Attribute.Presence;
import cthelper.api.ValueType.Reading.Refused;
import cthelper.api.ValueType.Reading.Unreadable;
import cthelper.api.ValueType.Reading.Value;
import cthelper.auth.Caller;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads the body of a create or an update along a resource's attribute table, in the order that
 * Neutron checks: JSON, envelope, project ids, unknown attributes, presence, values. The first
 * failure wins. Stateless.
 */
final class BodyReader {

  private static final String PROJECT_ID = "project_id";
  private static final String TENANT_ID = "tenant_id";
  private static final int MOST_AT_ONCE = 1000;

  private BodyReader() {}

  /**
   * What a POST wants created.
   *
   * @param several whether they came, and are answered, as a list
   */
  record Creations(boolean several, List<Given> all) {}

  /**
   * The body of a POST: one resource, or several of which all or none are to be created.
   *
   * <p>Example: {@code {"routers": [{"name": "edge"}, {"router": {"name": "core"}}]}}.
   */
  static Creations create(AttributeTable<?> table, byte[] body, Caller caller) {
    if (body.length == 0) {
      throw badRequest("Resource body required");
    }
    JsonNode json = envelope(Json.parse(body));
    JsonNode items = json.get(table.collection());
    if (items == null) {
      return new Creations(false, List.of(creation(table, json, caller)));
    }
    if (!items.isArray() || items.isEmpty()) {
      throw badRequest("Resources required");
    }
    if (items.size() > MOST_AT_ONCE) {
      throw badRequest("At most " + MOST_AT_ONCE + " resources can be created by one request");
    }
    return new Creations(
        true,
        items.valueStream().map(item -> creation(table, wrapped(table, item), caller)).toList());
  }

  private static JsonNode wrapped(AttributeTable<?> table, JsonNode item) {
    return item.has(table.resource()) ? item : Json.object(table.resource(), item);
  }

  private static Given creation(AttributeTable<?> table, JsonNode json, Caller caller) {
    ObjectNode object = resource(table, json, caller);
    for (Attribute<?, ?> attribute : table.attributes()) {
      boolean isGiven = object.has(attribute.name());
      if (attribute.onCreate() == Presence.REFUSED && isGiven) {
        throw badRequest("Attribute '" + attribute + "' not allowed in POST");
      }
      if (attribute.onCreate() == Presence.REQUIRED && !isGiven) {
        throw badRequest(
            "Failed to parse request. Required attribute '" + attribute + "' not specified");
      }
    }
    return values(table, object);
  }

  /** The body of a PUT on an item. */
  static Given update(AttributeTable<?> table, byte[] body, Caller caller) {
    if (body.length == 0) {
      throw new NeutronFault(
          400, "BadRequest", "Bad body request: Invalid format: the request has no body.");
    }
    JsonNode json = envelope(Json.parse(body));
    if (json.has(table.collection())) {
      throw badRequest("Bulk operation not supported");
    }
    ObjectNode object = resource(table, json, caller);
    for (Attribute<?, ?> attribute : table.attributes()) {
      if (attribute.onUpdate() == Presence.REFUSED && object.has(attribute.name())) {
        throw badRequest("Cannot update read-only attribute " + attribute);
      }
    }
    return values(table, object);
  }

  private static JsonNode envelope(JsonNode json) {
    if (json.isNull() || (json.isContainerNode() && json.isEmpty())) {
      throw badRequest("Resource body required");
    }
    if (!json.isObject()) {
      throw badRequest("Body contains invalid data");
    }
    return json;
  }

  /** What is in the envelope, with {@code project_id} as the only name of the project. */
  private static ObjectNode resource(AttributeTable<?> table, JsonNode json, Caller caller) {
    JsonNode content = json.path(table.resource());
    if (content.isMissingNode() || content.isNull()) {
      throw badRequest("Unable to find '" + table.resource() + "' in request body");
    }
    if (!(content instanceof ObjectNode object)) {
      throw badRequest("Object '" + table.resource() + "' contains invalid data");
    }
    unifyProjectIds(object, caller);
    refuseUnknown(table, object);
    return object;
  }

  private static void unifyProjectIds(ObjectNode object, Caller caller) {
    JsonNode tenantId = object.remove(TENANT_ID);
    if (tenantId != null) {
      JsonNode projectId = object.get(PROJECT_ID);
      if (projectId != null && !projectId.equals(tenantId)) {
        throw badRequest("'project_id' and 'tenant_id' do not match");
      }
      object.set(PROJECT_ID, tenantId);
    }
    JsonNode projectId = object.get(PROJECT_ID);
    if (projectId != null && !caller.maySpeakFor(projectId.asText())) {
      throw badRequest(
          "Specifying 'project_id' other than the authenticated project in request is not allowed"
              + " for the current user.");
    }
  }

  private static void refuseUnknown(AttributeTable<?> table, ObjectNode object) {
    List<String> unknown =
        names(object).filter(name -> table.named(name).isEmpty()).map(Echo::of).limit(10).toList();
    if (!unknown.isEmpty()) {
      throw badRequest("Unrecognized attribute(s) '" + String.join(", ", unknown) + "'");
    }
  }

  private static Stream<String> names(ObjectNode object) {
    return object.propertyStream().map(property -> property.getKey());
  }

  private static Given values(AttributeTable<?> table, ObjectNode object) {
    Given given = new Given();
    for (Attribute<?, ?> attribute : table.attributes()) {
      JsonNode value = object.get(attribute.name());
      if (value != null) {
        read(attribute, value, given);
      }
    }
    return given;
  }

  private static <V> void read(Attribute<?, V> attribute, JsonNode value, Given given) {
    switch (attribute.type().read(value)) {
      case Value<V>(V read) -> given.put(attribute, read);
      case Refused<V>(String reason) ->
          throw NeutronFault.invalidAttribute(attribute.name(), reason);
      case Unreadable<V>(String problem) -> throw NeutronFault.invalidInput(problem);
    }
  }
}
