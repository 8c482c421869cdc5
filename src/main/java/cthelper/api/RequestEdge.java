package cthelper.api;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;

/**
 * Before any routing: gives every request its id, which the answer and each log line of the request
 * carry, whoever answers; and answers itself what never comes as far as JAX-RS.
 */
@ApplicationScoped
class RequestEdge {

  static final String REQUEST_ID_HEADER = "X-Openstack-Request-Id";
  static final int BEFORE_ALL_OTHERS = 1000;

  private static final String REQUEST_ID = "requestId";
  private static final int MILLIS_TO_READ = 1000;

  /** Connections on which nothing more is answered. */
  private static final Set<HttpConnection> CLOSING = ConcurrentHashMap.newKeySet();

  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

  private static final String NO_ADDRESS =
      "The address of this service cannot be told: check the headers Host and X-Forwarded-*.";
  private static final Pattern DETOUR = Pattern.compile("//|;|(?i)/(\\.|%2e){1,2}(/|$)");
  private static final Set<HttpMethod> CHANGES = Set.of(HttpMethod.PUT, HttpMethod.DELETE);

  private final long mostBytes;
  private final long longestBodyMillis;

  RequestEdge(VertxHttpConfig http) {
    this.mostBytes =
        http.limits().maxBodySize().map(MemorySize::asLongValue).orElse(Long.MAX_VALUE);
    // A little sooner than the platform, which says that the body cannot be read.
    this.longestBodyMillis = http.readTimeout().toMillis() * 9 / 10;
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
    router.errorHandler(400, RequestEdge::refuse);
    router.route().order(Integer.MIN_VALUE).failureHandler(RequestEdge::refuseIfUnreadable);
  }

  /**
   * Without a host, or with one that can be none, a request fails before any filter sees it. And
   * what fails after its answer has gone out (a body that became too long) has nothing to be told.
   */
  private static void refuseIfUnreadable(RoutingContext exchange) {
    if (exchange.response().ended()) {
      return;
    }
    if (exchange.statusCode() == 400) {
      refuse(exchange);
    } else {
      exchange.next();
    }
  }

  private static void refuse(RoutingContext exchange) {
    identify(exchange);
    answer(
        exchange,
        BaseAddress.of(exchange.request()).isEmpty()
            ? NeutronFault.badRequest(NO_ADDRESS)
            : HttpFaults.of(400));
  }

  private void enter(RoutingContext exchange) {
    if (CLOSING.contains(exchange.request().connection())) {
      exchange.request().connection().close(); // it was told that nothing more is answered
      return;
    }
    identify(exchange);
    if (announcesTooMuch(exchange.request())) {
      answerAndClose(exchange, HttpFaults.of(413));
      return;
    }
    Optional<URI> base = BaseAddress.of(exchange.request());
    if (base.isEmpty()) {
      answer(exchange, NeutronFault.badRequest(NO_ADDRESS));
      return;
    }
    if (exchange.request().path() == null || !RequestAddress.read(base.get(), exchange)) {
      answer(exchange, HttpFaults.of(400));
      return;
    }
    if (isDetour(exchange.request())) {
      answer(exchange, HttpFaults.of(404));
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
    limitTheTimeOfTheBody(exchange);
    exchange.next();
  }

  /** However slowly it trickles in; that nothing comes at all is noticed by the idle time-out. */
  private void limitTheTimeOfTheBody(RoutingContext exchange) {
    if (!hasBody(exchange.request())) {
      return;
    }
    long timer =
        exchange
            .vertx()
            .setTimer(
                longestBodyMillis,
                _ -> {
                  if (!exchange.request().isEnded() && !isAnswered(exchange.response())) {
                    answerAndClose(exchange, HttpFaults.of(408));
                  }
                });
    exchange.addEndHandler(_ -> exchange.vertx().cancelTimer(timer));
  }

  private static void identify(RoutingContext exchange) {
    String id = "req-" + UUID.randomUUID();
    MDC.put(REQUEST_ID, id);
    exchange.response().putHeader(REQUEST_ID_HEADER, id);
  }

  static boolean isAnswered(HttpServerResponse response) {
    return response.headWritten() || response.ended() || response.closed();
  }

  static boolean hasBody(HttpServerRequest request) {
    return request.headers().contains(HttpHeaders.CONTENT_LENGTH)
        || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
  }

  private boolean announcesTooMuch(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length != null && Long.parseLong(length) > mostBytes;
  }

  /**
   * A path that means another one than it says, which a proxy in front may judge differently; and a
   * slash at the end of what is to be changed, which may be all that is left of a longer path.
   */
  private static boolean isDetour(HttpServerRequest request) {
    return DETOUR.matcher(request.path()).find()
        || (request.path().endsWith("/")
            && request.path().length() > 1
            && CHANGES.contains(request.method()));
  }

  private static boolean isOfTheApi(HttpServerRequest request) {
    return !request.path().startsWith("/openapi") && !request.path().startsWith("/swagger-ui");
  }

  /**
   * To a request whose body has not come, or not in full. Who still sends it may read the answer
   * first: closed at once, a connection takes it away.
   */
  static void answerAndClose(RoutingContext exchange, NeutronFault fault) {
    exchange.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    answer(exchange, fault);
    closeSoon(exchange);
  }

  private static void closeSoon(RoutingContext exchange) {
    HttpConnection connection = exchange.request().connection();
    CLOSING.add(connection);
    exchange
        .vertx()
        .setTimer(
            MILLIS_TO_READ,
            _ -> {
              connection.close();
              CLOSING.remove(connection);
            });
  }

  private static void answer(RoutingContext exchange, NeutronFault fault) {
    HttpServerResponse response = exchange.response().setStatusCode(fault.status());
    response.putHeader(HttpHeaders.CONTENT_TYPE, JSON).end(new JsonObject(fault.body()).encode());
  }
}
