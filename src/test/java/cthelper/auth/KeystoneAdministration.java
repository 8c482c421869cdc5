package cthelper.auth;

import static java.util.Objects.requireNonNull;

import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes projects, users and tokens at a {@link KeystoneServer}, by its API. */
public final class KeystoneAdministration {

  private static final Map<String, String> DEFAULT_DOMAIN = Map.of("id", "default");

  private final String url;
  private final String token;

  public KeystoneAdministration(KeystoneServer keystone) {
    url = keystone.url();
    Map<String, Object> project = Map.of("name", "admin", "domain", DEFAULT_DOMAIN);
    token =
        logIn(KeystoneServer.ADMIN, KeystoneServer.PASSWORD, Map.of("project", project))
            .header("X-Subject-Token");
  }

  /** A new project; its id. */
  public String project(String name) {
    return made("projects", "project", Map.of("name", name, "domain_id", "default"));
  }

  /** A new user with these roles in the project; the password is the name. */
  public String user(String name, String projectId, String... roles) {
    String user = made("users", "user", Map.of("name", name, "password", name));
    for (String role : roles) {
      String path = "/projects/%s/users/%s/roles/%s".formatted(projectId, user, role(role));
      as(token).put(url + "/v3" + path).then().statusCode(204);
    }
    return user;
  }

  /** An endpoint in the catalogue, by which clients find the service. */
  public void endpoint(String type, String at) {
    String service = made("services", "service", Map.of("type", type, "name", type));
    made(
        "endpoints",
        "endpoint",
        Map.of("service_id", service, "interface", "public", "url", at, "region", "RegionOne"));
  }

  /** A new user's token: with these roles, in this project. */
  public String token(String projectId, String... roles) {
    String name = "user-" + UUID.randomUUID();
    user(name, projectId, roles);
    return tokenOf(name, Map.of("project", Map.of("id", projectId)));
  }

  /** A token of the administrator for the whole system, in no project. */
  public String systemToken() {
    return logIn(
            KeystoneServer.ADMIN, KeystoneServer.PASSWORD, Map.of("system", Map.of("all", true)))
        .header("X-Subject-Token");
  }

  public void revoke(String revoked) {
    as(token)
        .header("X-Subject-Token", revoked)
        .delete(url + "/v3/auth/tokens")
        .then()
        .statusCode(204);
  }

  private String tokenOf(String name, Map<String, Object> scope) {
    return logIn(name, name, scope).header("X-Subject-Token");
  }

  private Response logIn(String name, String password, Map<String, Object> scope) {
    Map<String, Object> user = Map.of("name", name, "password", password, "domain", DEFAULT_DOMAIN);
    Map<String, Object> identity =
        Map.of("methods", List.of("password"), "password", Map.of("user", user));
    return json()
        .body(Map.of("auth", Map.of("identity", identity, "scope", scope)))
        .post(url + "/v3/auth/tokens")
        .then()
        .statusCode(201)
        .extract()
        .response();
  }

  private String role(String name) {
    @Nullable String known =
        as(token).queryParam("name", name).get(url + "/v3/roles").path("roles[0].id");
    return known == null ? made("roles", "role", Map.of("name", name)) : known;
  }

  private String made(String collection, String resource, Map<String, Object> attributes) {
    String id =
        as(token)
            .body(Map.of(resource, attributes))
            .post(url + "/v3/" + collection)
            .then()
            .statusCode(201)
            .extract()
            .path(resource + ".id");
    return requireNonNull(id);
  }

  private static RequestSpecification as(String token) {
    return json().header("X-Auth-Token", token);
  }

  private static RequestSpecification json() {
    return RestAssured.given().contentType("application/json");
  }
}
