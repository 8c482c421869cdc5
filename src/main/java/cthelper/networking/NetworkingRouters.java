package cthelper.networking;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import cthelper.config.CtHelperConfig;
import cthelper.model.Quoted;
import cthelper.model.RouterId;
import cthelper.networking.NetworkingAnswer.Away;
import cthelper.networking.NetworkingAnswer.Has;
import cthelper.networking.NetworkingAnswer.HasNot;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.jboss.logging.Logger;

/**
 * The routers of the Networking service. What it said is remembered for a short time; about one
 * router only one question is under way, and nobody waits for a question about another.
 * Thread-safe; blocks for as long as the service may take.
 */
@ApplicationScoped
public class NetworkingRouters {

  private static final Logger LOG = Logger.getLogger(NetworkingRouters.class);
  private static final int MOST_ROUTERS = 10_000;

  private final NetworkingQuestions questions;
  private final AsyncCache<Question, NetworkingAnswer> answers;

  /**
   * Those who know a router and those who do not have different memories, so that the latter cannot
   * tell from what is remembered whether somebody else uses it.
   */
  private record Question(RouterId router, boolean isKnown) {}

  NetworkingRouters(NetworkingQuestions questions, CtHelperConfig config) {
    this.questions = questions;
    this.answers =
        Caffeine.newBuilder()
            .maximumSize(MOST_ROUTERS)
            .expireAfter(
                Expiry.<Question, NetworkingAnswer>creating(
                    (question, answer) -> remembered(question, answer, config.networking())))
            .buildAsync();
  }

  private static Duration remembered(
      Question question, NetworkingAnswer answer, CtHelperConfig.Networking config) {
    return switch (answer) {
      case Has _ -> question.isKnown ? config.routerCache() : config.unknownCache();
      case HasNot _ -> config.unknownCache();
      case Away _ -> Duration.ZERO;
    };
  }

  /**
   * The router of this id; nothing when the service says that there is none.
   *
   * @param isKnown whether the caller is known to be entitled to the router: then what was said of
   *     it holds for {@code cthelper.networking.router-cache}
   * @throws NetworkingServiceAway when nobody can tell
   */
  public Optional<RemoteRouter> find(RouterId router, boolean isKnown) {
    return switch (answer(new Question(router, isKnown))) {
      case Has(RemoteRouter found) -> Optional.of(found);
      case HasNot() -> Optional.empty();
      case Away(NetworkingServiceAway reason) -> throw reason;
    };
  }

  /**
   * The caller who asked turned out to be entitled to what was found: it need not be asked again.
   */
  public void remember(RemoteRouter found) {
    // What outsiders are told must not depend on what insiders have asked.
    answers.synchronous().invalidate(new Question(found.id(), false));
    answers.put(new Question(found.id(), true), CompletableFuture.completedFuture(new Has(found)));
  }

  private NetworkingAnswer answer(Question question) {
    CompletableFuture<NetworkingAnswer> mine = new CompletableFuture<>();
    CompletableFuture<NetworkingAnswer> first = answers.asMap().putIfAbsent(question, mine);
    if (first != null) {
      return first.join();
    }
    try {
      NetworkingAnswer answer = ask(question.router);
      mine.complete(answer);
      return answer;
    } finally {
      mine.cancel(false); // of no effect on one that is complete
    }
  }

  private NetworkingAnswer ask(RouterId router) {
    try {
      return questions.ask((client, token) -> client.router(token, router));
    } catch (CircuitBreakerOpenException e) {
      return new Away(NetworkingServiceAway.leftAlone());
    } catch (NetworkingServiceAway e) {
      LOG.warnf(
          "the Networking service cannot tell whose a router is: router=%s %s",
          router, Quoted.of(String.valueOf(e.getMessage())));
      return new Away(e);
    }
  }
}
