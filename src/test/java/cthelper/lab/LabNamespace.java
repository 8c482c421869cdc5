package cthelper.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;

/** A named network namespace: {@code client}, {@code router} or {@code server} of a {@link Lab}. */
public record LabNamespace(String name) {

  private static final Path DIRECTORY = Path.of("/run/netns");
  private static final Duration USUAL_LIMIT = Duration.ofSeconds(10);

  /** The file that stands for it, as {@code ip netns} makes it. */
  public Path path() {
    return DIRECTORY.resolve(name);
  }

  public boolean exists() {
    return Files.exists(path());
  }

  /** The result of the work, done on a thread of its own inside; see {@link InNamespace}. */
  public <T> T call(Callable<T> work) {
    return InNamespace.call(path(), USUAL_LIMIT, work);
  }

  /** A run of a program inside, for example {@code command("nft", "list", "ruleset").run()}. */
  public Command command(String... arguments) {
    return Command.of(arguments).after("nsenter", "--net=" + path());
  }

  /** Loads nftables text, all or nothing. */
  public void nft(String text) {
    command("nft", "-f", "-").withInput(text).run();
  }
}
