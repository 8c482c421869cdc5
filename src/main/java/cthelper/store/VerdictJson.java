package cthelper.store;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import cthelper.model.AddressFamily;
import cthelper.model.Reason;
import cthelper.model.Verdict;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Verdicts as the {@code placement.verdicts} column keeps them. Stateless.
 *
 * <p>Example: {@code [{"helper": "6f1c…", "revision": 3, "families": [2, 10]}, {"helper": "a07e…",
 * "revision": 1, "families": [], "reason": "helper-not-in-kernel", "detail": "…"}]}: a verdict with
 * a reason is a refusal, a detail without one a warning, families are the kernel's numbers. An
 * older version of the service may read what a newer one wrote: unknown members are skipped, an
 * unknown reason is a kernel error.
 */
final class VerdictJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private VerdictJson() {}

  static String write(List<Verdict> verdicts) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartArray();
      for (Verdict verdict : verdicts) {
        write(verdict, json);
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException("text is not refused", e);
    }
    return text.toString();
  }

  private static void write(Verdict verdict, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("helper", verdict.helper().toString());
    json.writeNumberField("revision", verdict.revision());
    json.writeArrayFieldStart("families");
    for (AddressFamily family : AddressFamily.values()) {
      if (verdict.families().contains(family)) {
        json.writeNumber(family.number());
      }
    }
    json.writeEndArray();
    if (verdict.reason() != null) {
      json.writeStringField("reason", verdict.reason().code());
    }
    if (!verdict.detail().isEmpty()) {
      json.writeStringField("detail", storable(verdict.detail()));
    }
    json.writeEndObject();
  }

  static List<Verdict> read(String json) {
    List<Verdict> verdicts = new ArrayList<>();
    try {
      for (JsonNode object : JSON.readTree(json)) {
        verdicts.add(verdict(object));
      }
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a placement's verdicts are not what was written", e);
    }
    return verdicts;
  }

  private static Verdict verdict(JsonNode object) {
    Reason reason = object.has("reason") ? reason(object.get("reason").asText()) : null;
    return new Verdict(
        UUID.fromString(object.path("helper").asText()),
        object.path("revision").asLong(),
        reason == null,
        HelpersJson.families(object.path("families")),
        reason,
        object.path("detail").asText(""));
  }

  /** The reason of this code; null for none, a kernel error for one that this version lacks. */
  static @Nullable Reason reason(@Nullable String code) {
    if (code == null) {
      return null;
    }
    for (Reason reason : Reason.values()) {
      if (reason.code().equals(code)) {
        return reason;
      }
    }
    return Reason.KERNEL_ERROR;
  }

  /** PostgreSQL stores every character but NUL, in text and in jsonb. */
  static String storable(String text) {
    return text.replace('\0', ' ');
  }
}
