package cthelper.auth;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import cthelper.auth.KeystoneTokens.KnownToken;
import cthelper.auth.KeystoneTokens.OwnToken;
import cthelper.config.CtHelperConfig;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Two requests of Keystone's API v3: {@code POST /v3/auth/tokens} with the service's password, and
 * {@code GET /v3/auth/tokens} about a caller's token. Thread-safe; each takes at most {@code
 * cthelper.keystone.timeout}. Source: the Identity API reference v3, "Authentication and token
 * management".
 */
final class KeystoneClient {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private static final Pattern ID = Pattern.compile("[\\x20-\\x7e]{1,255}");
  private static final String OWN_TOKEN = "X-Auth-Token";
  private static final String SUBJECT_TOKEN = "X-Subject-Token";

  private final CtHelperConfig.Keystone config;
  private final OutboundHttp http;

  KeystoneClient(CtHelperConfig.Keystone config) {
    this.config = config;
    this.http = new OutboundHttp(config.timeout(), IdentityServiceAway::new);
  }

  /** The address of Keystone without a version, whether or not the setting has one. */
  static String root(CtHelperConfig.Keystone config) {
    return config.url().orElseThrow().replaceFirst("/+$", "").replaceFirst("/v3$", "");
  }

  /** A token for the service itself. */
  OwnToken authenticate() {
    HttpResponse<String> answer =
        http.send(
            request()
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(credentials().toString()))
                .build());
    if (answer.statusCode() == 401) {
      throw new IdentityServiceAway(
          "it refuses this service's credentials: check cthelper.keystone.username, .password,"
              + " .project and the domains");
    }
    JsonNode token = token(answer, 201);
    String value =
        answer
            .headers()
            .firstValue(SUBJECT_TOKEN)
            .orElseThrow(() -> new IdentityServiceAway("its answer has no " + SUBJECT_TOKEN));
    return new OwnToken(value, expiresAt(token));
  }

  /**
   * What Keystone says of a caller's token; nothing when it refuses the service's own.
   *
   * @throws TokenRefused when it does not know the caller's
   */
  Optional<KnownToken> validate(OwnToken own, String token) {
    HttpResponse<String> answer =
        http.send(
            request().header(OWN_TOKEN, own.value()).header(SUBJECT_TOKEN, token).GET().build());
    return switch (answer.statusCode()) {
      case 401 -> Optional.empty();
      case 404 -> throw new TokenRefused();
      // It makes no sense of this one token; it may of all others.
      case 400, 413, 414, 431 -> throw new TokenRefused();
      default -> Optional.of(known(token(answer, 200)));
    };
  }

  /** One that is not scoped to a project has no standing here, whatever its roles. */
  private static KnownToken known(JsonNode token) {
    String project = token.has("system") ? "" : id(token.path("project").path("id"));
    Standing standing = project.isEmpty() ? Standing.NONE : Standing.of(roles(token));
    String user = token.path("user").path("id").asText("");
    return new KnownToken(new Caller(user, project, standing), expiresAt(token));
  }

  private static Set<String> roles(JsonNode token) {
    JsonNode roles = token.path("roles");
    return roles.isArray()
        ? roles.valueStream().map(role -> role.path("name").asText("")).collect(toSet())
        : Set.of();
  }

  /** As the store can keep it; empty where there is none. */
  private static String id(JsonNode id) {
    if (id.isMissingNode() || (id.isTextual() && ID.matcher(id.asText()).matches())) {
      return id.asText("");
    }
    throw new IdentityServiceAway("its answer names a project that cannot be one");
  }

  private static JsonNode token(HttpResponse<String> answer, int expected) {
    if (answer.statusCode() != expected) {
      throw new IdentityServiceAway("it answered " + answer.statusCode());
    }
    try {
      return JSON.readTree(answer.body()).path("token");
    } catch (JacksonException e) {
      throw new IdentityServiceAway("its answer is no JSON");
    }
  }

  private static Instant expiresAt(JsonNode token) {
    try {
      return Instant.parse(token.path("expires_at").asText(""));
    } catch (DateTimeParseException e) {
      throw new IdentityServiceAway("its answer does not say when the token ends");
    }
  }

  private ObjectNode credentials() {
    ObjectNode body = JSON.createObjectNode();
    ObjectNode auth = body.putObject("auth");
    ObjectNode identity = auth.putObject("identity");
    identity.putArray("methods").add("password");
    ObjectNode user = identity.putObject("password").putObject("user");
    user.put("name", config.username().orElseThrow());
    user.put("password", config.password().orElseThrow());
    user.putObject("domain").put("id", config.userDomain());
    ObjectNode project = auth.putObject("scope").putObject("project");
    project.put("name", config.project().orElseThrow());
    project.putObject("domain").put("id", config.projectDomain());
    return body;
  }

  private HttpRequest.Builder request() {
    return HttpRequest.newBuilder(URI.create(root(config) + "/v3/auth/tokens"))
        .header("Accept", "application/json");
  }
}
