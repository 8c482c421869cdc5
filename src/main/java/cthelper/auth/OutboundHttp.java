package cthelper.auth;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * Requests to another service of the cloud: each takes at most the time limit, the body of its
 * answer included, which is at most 1 MiB. No redirection is followed, so a token goes nowhere but
 * to the address of the request. Thread-safe.
 */
public final class OutboundHttp {

  private static final long MOST_BYTES = 1024 * 1024;

  private final Duration timeout;
  private final Function<String, ? extends RuntimeException> away;
  private final HttpClient http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * @param away what is thrown when there is no answer, from the reason, which has neither headers
   *     nor bodies in it
   */
  public OutboundHttp(Duration timeout, Function<String, ? extends RuntimeException> away) {
    this.timeout = timeout;
    this.away = away;
    this.http = HttpClient.newBuilder().connectTimeout(timeout).build();
  }

  /**
   * The time limit of the JDK's own client ends with the headers of the answer; this one does not.
   */
  public HttpResponse<String> send(HttpRequest request) {
    // Not sendAsync(), whose answers wait for a thread of the JVM's common pool.
    Future<HttpResponse<String>> answer =
        threads.submit(
            () -> http.send(request, BodyHandlers.limiting(BodyHandlers.ofString(), MOST_BYTES)));
    try {
      return answer.get(timeout.toNanos(), NANOSECONDS);
    } catch (ExecutionException e) {
      throw away.apply("it cannot be reached: " + rootOf(e));
    } catch (TimeoutException e) {
      throw away.apply("it did not answer within " + timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw away.apply("interrupted while it was asked");
    } finally {
      answer.cancel(true); // closes the connection of one that is not over
    }
  }

  private static Object rootOf(ExecutionException failure) {
    return failure.getCause() instanceof IOException cause ? cause : failure;
  }
}
