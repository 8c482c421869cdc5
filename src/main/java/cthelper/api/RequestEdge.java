package cthelper.api;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.UUID;
import org.jboss.logging.MDC;

/**
 * Before any routing: gives every request its id, which the answer and each log line of the request
 * carry, whoever answers; and answers itself what never comes as far as JAX-RS.
 */
@ApplicationScoped
class RequestEdge {

  static final String REQUEST_ID_HEADER = "X-Openstack-Request-Id";

  private static final String REQUEST_ID = "requestId";
  private static final int BEFORE_ALL_OTHERS = 1000;
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

  private final long mostBytes;

  RequestEdge(VertxHttpConfig http) {
    this.mostBytes =
        http.limits().maxBodySize().map(MemorySize::asLongValue).orElse(Long.MAX_VALUE);
  }

  void install(@Observes Filters filters) {
    filters.register(this::enter, BEFORE_ALL_OTHERS);
  }

  /**
   * A path that is not properly encoded matches no route, so that no filter ever sees it. (Quarkus
   * refuses it even earlier, without body and id, unless {@code vertx.disableURIValidation} is
   * set.)
   */
  void install(@Observes Router router) {
    router.errorHandler(
        400,
        exchange -> {
          identify(exchange);
          answer(exchange, HttpFaults.of(400));
        });
  }

  private void enter(RoutingContext exchange) {
    identify(exchange);
    if (announcesTooMuch(exchange.request())) {
      exchange.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      answer(exchange, HttpFaults.of(413));
      return;
    }
    if (!isQueryReadable(exchange)) {
      answer(exchange, HttpFaults.of(400));
      return;
    }
    if (isOfTheApi(exchange.request())) {
      // Neutron speaks JSON only and looks at neither of the two; JAX-RS would answer 406 and 415.
      exchange
          .request()
          .headers()
          .set(HttpHeaders.ACCEPT, JSON)
          .set(HttpHeaders.CONTENT_TYPE, JSON);
    }
    exchange.next();
  }

  private static void identify(RoutingContext exchange) {
    String id = "req-" + UUID.randomUUID();
    MDC.put(REQUEST_ID, id);
    exchange.response().putHeader(REQUEST_ID_HEADER, id);
  }

  private boolean announcesTooMuch(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length != null && Long.parseLong(length) > mostBytes;
  }

  private static boolean isQueryReadable(RoutingContext exchange) {
    try {
      exchange.queryParams();
      return true;
    } catch (HttpException e) {
      return false;
    }
  }

  private static boolean isOfTheApi(HttpServerRequest request) {
    return request.path() != null
        && (request.path().equals("/") || request.path().startsWith("/v2.0"));
  }

  private static void answer(RoutingContext exchange, NeutronFault fault) {
    HttpServerResponse response = exchange.response().setStatusCode(fault.status());
    response.putHeader(HttpHeaders.CONTENT_TYPE, JSON).end(new JsonObject(fault.body()).encode());
  }
}
