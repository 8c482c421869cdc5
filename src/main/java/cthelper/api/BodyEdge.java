package cthelper.api;

import cthelper.model.Quoted;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Takes in the body of a request before a thread is given to it: one that trickles in holds as much
 * memory as has come of it, and nothing else.
 *
 * <p>A small body is always taken. What is beyond {@link #SMALL} bytes of each must fit, for all
 * requests together, into an eighth of the heap; else the request is answered with 503. What came
 * is handed on as the body of the {@link RoutingContext}, from where Quarkus REST takes it. Each
 * request is seen on its own event loop only; what all share is safe for threads.
 */
@ApplicationScoped
class BodyEdge {

  /** Bytes; many times the size of any request for a single resource. */
  static final int SMALL = 16 * 1024;

  private static final Logger LOG = Logger.getLogger(BodyEdge.class);
  private static final Set<HttpMethod> WITH_BODY =
      Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);

  private final long mostBytes;
  private final long mostBeyondSmall;
  private final AtomicLong beyondSmall = new AtomicLong();

  @Inject
  BodyEdge(VertxHttpConfig http) {
    this(
        http.limits().maxBodySize().map(MemorySize::asLongValue).orElse(Long.MAX_VALUE),
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getMax() / 8);
  }

  /**
   * @param mostBytes of one body
   * @param mostBeyondSmall bytes of all bodies, what is small of each left out
   */
  BodyEdge(long mostBytes, long mostBeyondSmall) {
    this.mostBytes = mostBytes;
    this.mostBeyondSmall = mostBeyondSmall;
  }

  void install(@Observes Filters filters) {
    filters.register(this::take, RequestEdge.BEFORE_ALL_OTHERS - 1);
  }

  /** Goes on to the next handler when the whole body is there. */
  void take(RoutingContext exchange) {
    HttpServerRequest request = exchange.request();
    if (!WITH_BODY.contains(request.method()) || !RequestEdge.hasBody(request)) {
      exchange.next();
      return;
    }
    Taking taking = new Taking(exchange);
    exchange.addEndHandler(_ -> beyondSmall.addAndGet(-taking.counted));
    request.handler(taking::part);
    request.endHandler(_ -> taking.end());
    request.exceptionHandler(taking::broke);
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      exchange.response().writeContinue();
    }
    request.resume();
  }

  /** One body on its way; used on one event loop. */
  private final class Taking {

    private final RoutingContext exchange;
    private Buffer body = Buffer.buffer();
    private long counted;

    Taking(RoutingContext exchange) {
      this.exchange = exchange;
    }

    void part(Buffer part) {
      if (isOver()) {
        return;
      }
      if (body.length() + part.length() > mostBytes) {
        refuse(HttpFaults.of(413));
      } else if (fits(body.length() + part.length())) {
        body.appendBuffer(part);
      } else {
        exchange.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
        refuse(HttpFaults.tooManyLargeBodies());
      }
    }

    @SuppressWarnings("deprecation") // its successor is Vert.x' BodyHandler: an empty body is none
    void end() {
      if (!isOver()) {
        exchange.setBody(body);
        exchange.next();
      }
    }

    /** The client has gone, which is nothing to worry about, or what it sends is no chunk. */
    void broke(Throwable why) {
      if (!exchange.response().ended()) {
        LOG.debugf("request body cannot be read: %s", Quoted.of(String.valueOf(why)));
      }
      refuse(
          new NeutronFault(
              400, "MalformedRequestBody", "Malformed request body: It cannot be read."));
    }

    private void refuse(NeutronFault fault) {
      if (!isOver()) {
        body = Buffer.buffer();
        RequestEdge.answerAndClose(exchange, fault);
      }
    }

    private boolean fits(int length) {
      long more = Math.max(0, length - SMALL) - counted;
      if (beyondSmall.addAndGet(more) > mostBeyondSmall && more > 0) {
        beyondSmall.addAndGet(-more);
        return false;
      }
      counted += more;
      return true;
    }

    private boolean isOver() {
      return RequestEdge.isAnswered(exchange.response());
    }
  }
}
