package cthelper.api;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import cthelper.auth.Caller;
import cthelper.config.CtHelperConfig;
import cthelper.config.CtHelperConfig.Auth;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/**
 * How many requests a second one project may make: {@code cthelper.limits.requests-per-second}, and
 * as many at once after a second of silence. Administrators are not counted. Without authentication
 * everybody is one project, so there is no limit. Thread-safe.
 */
@ApplicationScoped
class ProjectRates {

  private static final int MOST_PROJECTS = 100_000;

  private final boolean isCounting;
  private final Bandwidth rate;
  private final Cache<String, Bucket> buckets =
      Caffeine.newBuilder()
          .maximumSize(MOST_PROJECTS)
          .expireAfterAccess(Duration.ofMinutes(1)) // by then it is full again
          .build();

  ProjectRates(CtHelperConfig config) {
    int perSecond = config.limits().requestsPerSecond();
    this.isCounting = config.auth() != Auth.NONE;
    this.rate =
        Bandwidth.builder()
            .capacity(perSecond)
            .refillGreedy(perSecond, Duration.ofSeconds(1))
            .build();
  }

  /**
   * Counts a request.
   *
   * @throws TooManyRequests when the caller's project has none left
   */
  void count(Caller caller) {
    if (!isCounting || caller.isAdmin()) {
      return;
    }
    ConsumptionProbe probe =
        buckets
            .get(caller.projectId(), _ -> Bucket.builder().addLimit(rate).build())
            .tryConsumeAndReturnRemaining(1);
    if (!probe.isConsumed()) {
      throw new TooManyRequests(NANOSECONDS.toSeconds(probe.getNanosToWaitForRefill()) + 1);
    }
  }
}
