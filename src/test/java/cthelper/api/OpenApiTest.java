package cthelper.api;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The served document is enough to create a helper from Swagger UI. */
@QuarkusTest
class OpenApiTest {

  @ParameterizedTest
  @CsvSource({
    "/v2.0/routers, post, RouterCreate",
    "/v2.0/routers/{id}, put, RouterUpdate",
    "/v2.0/routers/{router_id}/conntrack_helpers, post, ConntrackHelperCreate",
    "/v2.0/routers/{router_id}/conntrack_helpers/{id}, put, ConntrackHelperUpdate",
  })
  void writeRefersToItsBody(String path, String method, String body) {
    document()
        .body(
            "paths.'%s'.%s.requestBody.'$ref'".formatted(path, method),
            equalTo("#/components/requestBodies/" + body))
        .body("components.requestBodies", hasKey(body));
  }

  @Test
  void operationsReferToTheirAnswers() {
    String helpers = "paths.'/v2.0/routers/{router_id}/conntrack_helpers'";
    document()
        .body("openapi", equalTo("3.1.0"))
        .body("info.title", equalTo("Conntrack helpers of routers"))
        .body(
            helpers + ".post.responses.'201'.'$ref'",
            equalTo("#/components/responses/ConntrackHelper"))
        .body(
            helpers + ".get.responses.'200'.'$ref'",
            equalTo("#/components/responses/ConntrackHelpers"))
        .body("paths.'/v2.0/routers/{id}'.delete", not(hasKey("requestBody")))
        .body(
            "components.requestBodies.ConntrackHelperCreate.content.'application/json'.example"
                + ".conntrack_helper.helper",
            equalTo("ftp"));
  }

  @Test
  void swaggerUiIsServed() {
    given().get("/swagger-ui/").then().statusCode(200).body(containsString("swagger-ui-bundle.js"));
  }

  private static ValidatableResponse document() {
    return given().get("/openapi?format=json").then().statusCode(200);
  }
}
