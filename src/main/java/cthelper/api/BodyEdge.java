package cthelper.api;

import cthelper.model.Quoted;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;

/**
 * Takes in the body of a request before a thread is given to it: one that trickles in holds as much
 * memory as has come of it, and nothing else.
 *
 * <p>A small body is always taken. The memory that is beyond {@link #SMALL} bytes of each must fit,
 * for all requests together, into an eighth of the heap, from its first byte until Quarkus REST is
 * done with it, whether or not the client still waits; else the request is answered with 503. What
 * came is handed on as the body of the {@link RoutingContext}. Thread-safe.
 */
@ApplicationScoped
class BodyEdge {

  /** Bytes; many times the size of any request for a single resource. */
  static final int SMALL = 8 * 1024;

  private static final String KEY = BodyEdge.class.getName();

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
    exchange.put(KEY, taking);
    exchange.addEndHandler(_ -> taking.over());
    request.handler(taking::part);
    request.endHandler(_ -> taking.end());
    request.exceptionHandler(taking::broke);
    if (request.version() == HttpVersion.HTTP_1_1
        && "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      exchange.response().writeContinue();
    }
    request.resume();
  }

  /** Runs while {@link Taking#end} hands it on: before the connection can be found closed. */
  @ServerRequestFilter(preMatching = true)
  void hold(RoutingContext exchange) {
    Taking taking = exchange.get(KEY);
    if (taking != null) {
      taking.isInUse = true;
      ResteasyReactiveRequestContext request = CurrentRequestManager.get();
      request.registerCompletionCallback(_ -> {
        taking.release();
        forget(request);
      });
    }
  }

  /** A thread that waits for work keeps the last request it worked on. */
  private static void forget(ResteasyReactiveRequestContext request) {
    request.setRequestEntity(null);
    request.setInputStream(InputStream.nullInputStream());
    Object[] parameters = request.getParameters();
    if (parameters != null) {
      Arrays.fill(parameters, null);
    }
  }

  /** One body on its way. */
  private final class Taking {

    private final RoutingContext exchange;
    private Buffer body = Buffer.buffer();
    private long charged;
    private volatile boolean isInUse;

    Taking(RoutingContext exchange) {
      this.exchange = exchange;
    }

    void part(Buffer part) {
      if (isOver()) {
        return;
      }
      int length = body.length() + part.length();
      if (length > mostBytes) {
        refuse(HttpFaults.of(413));
      } else if (fits(length)) {
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

    /** The client has gone, or what it sends is no chunk, whereupon the connection is closed. */
    void broke(Throwable why) {
      if (!exchange.response().ended()) {
        LOG.debugf("request body cannot be read: %s", Quoted.of(String.valueOf(why)));
      }
    }

    /** It is answered, or its connection is closed. */
    void over() {
      if (!isInUse) {
        release();
      }
    }

    /** Nobody needs it any more. */
    @SuppressWarnings("deprecation")
    synchronized void release() {
      beyondSmall.addAndGet(-charged);
      charged = 0;
      body = Buffer.buffer();
      exchange.setBody(body);
    }

    private void refuse(NeutronFault fault) {
      RequestEdge.answerAndClose(exchange, fault);
    }

    /** A buffer has the next power of two. */
    private synchronized boolean fits(int length) {
      long capacity = Integer.highestOneBit(Math.max(1, length - 1)) * 2L;
      long more = Math.max(0, capacity - SMALL) - charged;
      if (beyondSmall.addAndGet(more) > mostBeyondSmall && more > 0) {
        beyondSmall.addAndGet(-more);
        return false;
      }
      charged += more;
      return true;
    }

    private boolean isOver() {
      return RequestEdge.isAnswered(exchange.response());
    }
  }
}
