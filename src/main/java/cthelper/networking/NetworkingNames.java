package cthelper.networking;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import cthelper.config.CtHelperConfig;
import cthelper.model.Quoted;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.jboss.logging.Logger;

/**
 * The routers that the Networking service has under a name. What it said is remembered for {@code
 * cthelper.networking.unknown-cache}: a name may be given to another router at any time.
 * Thread-safe; blocks for as long as the service may take.
 */
@ApplicationScoped
public class NetworkingNames {

  private static final Logger LOG = Logger.getLogger(NetworkingNames.class);
  private static final int MOST_ANSWERS = 1_000;

  private final NetworkingQuestions questions;
  private final Cache<NamesQuestion, List<RemoteRouter>> answers;

  NetworkingNames(NetworkingQuestions questions, CtHelperConfig config) {
    this.questions = questions;
    this.answers =
        Caffeine.newBuilder()
            .maximumSize(MOST_ANSWERS)
            .expireAfterWrite(config.networking().unknownCache())
            .build();
  }

  /**
   * The routers of these names.
   *
   * @param project whose; everybody's without one
   * @throws NetworkingServiceAway when nobody can tell
   */
  public List<RemoteRouter> find(Set<String> names, Optional<String> project) {
    NamesQuestion question = new NamesQuestion(names, project);
    List<RemoteRouter> remembered = answers.getIfPresent(question);
    if (remembered != null) {
      return remembered;
    }
    List<RemoteRouter> found = ask(question);
    answers.put(question, found);
    return found;
  }

  private List<RemoteRouter> ask(NamesQuestion question) {
    try {
      return questions.ask((client, token) -> client.routersNamed(token, question));
    } catch (CircuitBreakerOpenException e) {
      throw NetworkingServiceAway.leftAlone();
    } catch (NetworkingServiceAway e) {
      LOG.warnf(
          "the Networking service cannot tell which router has a name: %s",
          Quoted.of(String.valueOf(e.getMessage())));
      throw e;
    }
  }
}
