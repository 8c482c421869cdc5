package cthelper.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * JSON from outside, read strictly: UTF-8 whatever the Content-Type says, one value, no duplicate
 * keys, not deeper than {@value #MOST_DEPTH}. Thread-safe.
 */
final class Json {

  private static final int MOST_DEPTH = 50;

  private static final ObjectMapper STRICT =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MOST_DEPTH).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** {@code []}; not to be changed. */
  static final JsonNode EMPTY_LIST = STRICT.createArrayNode();

  private Json() {}

  /** {@code {"name": value}}. */
  static ObjectNode object(String name, JsonNode value) {
    return STRICT.createObjectNode().set(name, value);
  }

  /**
   * @throws NeutronFault 400 MalformedRequestBody for anything that is not exactly one JSON value
   */
  static JsonNode parse(byte[] body) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      JsonNode json = STRICT.readTree(text);
      if (!json.isMissingNode()) {
        return json;
      }
    } catch (CharacterCodingException | JsonProcessingException e) {
      // The answer is the same for all of them, and no parser's words go out.
    }
    throw new NeutronFault(
        400, "MalformedRequestBody", "Malformed request body: Cannot understand JSON.");
  }
}
