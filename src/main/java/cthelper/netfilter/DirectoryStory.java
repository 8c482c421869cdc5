package cthelper.netfilter;

import java.nio.file.Path;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells in the log when the namespace directory is not there or cannot be watched, and when that is
 * over, each once. Used by one thread.
 */
final class DirectoryStory {

  private static final Logger LOG = Logger.getLogger(DirectoryStory.class);

  private final Path directory;
  private boolean isMissing;

  /** What was last said to be the matter with watching; null when all is well. */
  private @Nullable String trouble;

  DirectoryStory(Path directory) {
    this.directory = directory;
  }

  void cannotBeWatched(String why) {
    if (!why.equals(trouble)) {
      trouble = why;
      LOG.warnf(
          "the namespace directory cannot be watched, it is listed every second: %s: %s",
          directory, why);
    }
  }

  /**
   * Its path leads to no directory.
   *
   * @param why which part of the path is the matter
   */
  void isMissing(String why) {
    if (!isMissing || trouble != null) {
      isMissing = true;
      trouble = null;
      LOG.warnf("the namespace directory is not there, it is waited for: %s: %s", directory, why);
    }
  }

  void isWatched() {
    if (isMissing) {
      LOG.infof("the namespace directory is there now: %s", directory);
    } else if (trouble != null) {
      LOG.infof("the namespace directory is watched again: %s", directory);
    }
    isMissing = false;
    trouble = null;
  }
}
