package cthelper.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What of an API description would break a client that was written for an older one: operations,
 * answers and attributes that are gone or of another type, values that are no longer taken, things
 * that must be sent now. What is merely added breaks nobody. Pure.
 */
final class BreakingChanges {

  private final JsonNode before;
  private final JsonNode after;
  private final List<String> found = new ArrayList<>();

  private BreakingChanges(JsonNode before, JsonNode after) {
    this.before = before;
    this.after = after;
  }

  /** One line for each; empty when every older client goes on working. */
  static List<String> between(JsonNode before, JsonNode after) {
    BreakingChanges changes = new BreakingChanges(before, after);
    before
        .path("paths")
        .propertyStream()
        .forEach(path ->
            path.getValue()
                .propertyStream()
                .forEach(operation -> changes.operation(path.getKey(), operation.getKey())));
    return changes.found;
  }

  private void operation(String path, String method) {
    String where = method + " " + path;
    JsonNode old = before.path("paths").path(path).path(method);
    JsonNode now = after.path("paths").path(path).path(method);
    if (now.isMissingNode()) {
      found.add(where + " is gone");
      return;
    }
    if (!old.path("operationId").equals(now.path("operationId"))) {
      found.add(where + " has another operationId");
    }
    parameters(where, old, now);
    JsonNode oldBody = resolved(before, old.path("requestBody"));
    JsonNode body = resolved(after, now.path("requestBody"));
    request(where + " body", json(oldBody), json(body));
    old.path("responses")
        .propertyStream()
        .forEach(answer -> {
          JsonNode answered = now.path("responses").path(answer.getKey());
          String which = where + " " + answer.getKey();
          if (answered.isMissingNode()) {
            found.add(which + " is gone");
          } else {
            answer(
                which, json(resolved(before, answer.getValue())), json(resolved(after, answered)));
          }
        });
  }

  private void parameters(String where, JsonNode old, JsonNode now) {
    List<JsonNode> olds = parameters(before, old);
    List<JsonNode> news = parameters(after, now);
    for (JsonNode one : olds) {
      if (news.stream().noneMatch(other -> key(other).equals(key(one)))) {
        found.add(where + " takes " + key(one) + " no more");
      }
    }
    for (JsonNode one : news) {
      JsonNode known =
          olds.stream().filter(other -> key(other).equals(key(one))).findFirst().orElse(null);
      if (one.path("required").asBoolean()
          && (known == null || !known.path("required").asBoolean())) {
        found.add(where + " requires " + key(one));
      }
      if (known != null) {
        values(where + " " + key(one), known.path("schema"), one.path("schema"));
      }
    }
  }

  private static List<JsonNode> parameters(JsonNode document, JsonNode operation) {
    return operation.path("parameters").valueStream().map(it -> resolved(document, it)).toList();
  }

  private static String key(JsonNode parameter) {
    return parameter.path("in").asText() + " parameter " + parameter.path("name").asText();
  }

  /** What was sent must still be taken. */
  private void request(String where, JsonNode old, JsonNode now) {
    values(where, old, now);
    Set<String> required = new TreeSet<>(required(after, now));
    required.removeAll(required(before, old));
    required.forEach(name -> found.add(where + " requires " + name));
    each(where, old, now, this::request, "takes %s no more");
  }

  /** What was read must still be there. */
  private void answer(String where, JsonNode old, JsonNode now) {
    if (!type(before, old).equals(type(after, now))) {
      found.add(where + " is of another type");
    }
    each(where, old, now, this::answer, "has %s no more");
  }

  private interface Comparison {
    void of(String where, JsonNode old, JsonNode now);
  }

  private void each(String where, JsonNode old, JsonNode now, Comparison comparison, String gone) {
    List<String> names = names(before, old).distinct().toList();
    for (String name : names) {
      JsonNode other = property(after, now, name);
      if (other.isMissingNode()) {
        found.add(where + " " + gone.formatted(name));
      } else {
        comparison.of(where + "." + name, property(before, old, name), other);
      }
    }
    JsonNode items = resolved(before, old).path("items");
    if (!items.isMissingNode()) {
      comparison.of(where + "[]", items, resolved(after, now).path("items"));
    }
  }

  /** Of a closed set of values none may go. */
  private void values(String where, JsonNode old, JsonNode now) {
    Set<String> kept = values(resolved(after, now));
    Set<String> gone = new TreeSet<>(values(resolved(before, old)));
    gone.removeAll(kept);
    if (!kept.isEmpty()) {
      gone.forEach(value -> found.add(where + " takes the value " + value + " no more"));
    }
  }

  private static Set<String> values(JsonNode schema) {
    JsonNode values = schema.has("enum") ? schema.path("enum") : schema.at("/items/enum");
    return values.valueStream().map(JsonNode::asText).collect(Collectors.toSet());
  }

  private static JsonNode json(JsonNode content) {
    return content.at("/content/application~1json/schema");
  }

  private static String type(JsonNode document, JsonNode schema) {
    return resolved(document, schema).path("type").toString();
  }

  private static Stream<JsonNode> parts(JsonNode document, JsonNode schema) {
    JsonNode meant = resolved(document, schema);
    return Stream.concat(
        Stream.of(meant),
        Stream.of("allOf", "oneOf", "anyOf")
            .flatMap(kind -> meant.path(kind).valueStream())
            .flatMap(part -> parts(document, part)));
  }

  private static Stream<String> names(JsonNode document, JsonNode schema) {
    return parts(document, schema)
        .flatMap(part -> part.path("properties").propertyStream())
        .map(property -> property.getKey());
  }

  private static JsonNode property(JsonNode document, JsonNode schema, String name) {
    return parts(document, schema)
        .map(part -> part.path("properties").path(name))
        .filter(property -> !property.isMissingNode())
        .findFirst()
        .orElse(com.fasterxml.jackson.databind.node.MissingNode.getInstance());
  }

  /** What every alternative requires; of alternatives a client chooses one. */
  private static Set<String> required(JsonNode document, JsonNode schema) {
    JsonNode meant = resolved(document, schema);
    Set<String> names = new TreeSet<>();
    meant.path("required").valueStream().map(JsonNode::asText).forEach(names::add);
    meant.path("allOf").valueStream().forEach(part -> names.addAll(required(document, part)));
    return names;
  }

  private static JsonNode resolved(JsonNode document, JsonNode node) {
    JsonNode reference = node.path("$ref");
    return reference.isMissingNode()
        ? node
        : resolved(document, document.at(reference.asText().substring(1)));
  }
}
