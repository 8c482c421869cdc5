package cthelper.lab;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One run of a program, the only place of the laboratory that starts one: a list of arguments, no
 * shell, output captured, a time limit.
 *
 * <p>Example: {@code Command.of("ip", "netns", "list").run()} returns what it printed.
 *
 * <p>Never called from a thread that is inside a namespace, see {@link InNamespace}.
 */
public record Command(List<String> arguments, String input, Duration limit) {

  private static final Duration USUAL_LIMIT = Duration.ofSeconds(10);

  /** Where Debian keeps the programs of administrators, not on an ordinary user's PATH. */
  private static final List<Path> ADMINISTRATION = List.of(Path.of("/usr/sbin"), Path.of("/sbin"));

  /** Of the programs whose package has another name. */
  private static final Map<String, String> DEBIAN_PACKAGES =
      Map.of(
          "ip", "iproute2",
          "ss", "iproute2",
          "nft", "nftables",
          "nsenter", "util-linux",
          "unshare", "util-linux",
          "openstack", "python3-openstackclient",
          "prlimit", "util-linux",
          "in.tftpd", "tftpd-hpa",
          "keystone-manage", "python3-keystone");

  public Command {
    arguments = List.copyOf(arguments);
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("a command needs a program");
    }
  }

  public static Command of(String... arguments) {
    return new Command(List.of(arguments), "", USUAL_LIMIT);
  }

  /** The same run with this text on its standard input. */
  public Command withInput(String text) {
    return new Command(arguments, text, limit);
  }

  /** The same run, killed after this time. */
  public Command within(Duration newLimit) {
    return new Command(arguments, input, newLimit);
  }

  /** The same program as the last part of another command line, found before that one starts. */
  public Command after(String... leadingArguments) {
    List<String> all = new ArrayList<>(List.of(leadingArguments));
    all.add(require(arguments.getFirst()).toString());
    all.addAll(arguments.subList(1, arguments.size()));
    return new Command(all, input, limit);
  }

  /**
   * Runs it and returns its standard output.
   *
   * @throws IllegalStateException with the command line and what it said on standard error when it
   *     ends with another code than 0, or is killed at the time limit
   */
  public String run() {
    InNamespace.refuseInside("a program");
    try {
      Path directory = Files.createTempDirectory("command");
      try {
        return runIn(directory);
      } finally {
        deleteWithFiles(directory);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(commandLine(), failure);
    } catch (InterruptedException interruption) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(commandLine() + ": interrupted", interruption);
    }
  }

  /**
   * Starts it and returns at once; both its outputs go into this file. Whoever calls ends it.
   *
   * @throws UncheckedIOException when it cannot be started
   */
  Process start(Path output) {
    InNamespace.refuseInside("a program");
    try {
      return new ProcessBuilder(resolved())
          .redirectErrorStream(true)
          .redirectOutput(output.toFile())
          .start();
    } catch (IOException failure) {
      throw new UncheckedIOException(commandLine(), failure);
    }
  }

  /** Files instead of pipes: no reader threads, and no child's child can keep us waiting. */
  private String runIn(Path directory) throws IOException, InterruptedException {
    Path standardInput = Files.writeString(directory.resolve("in"), input);
    Path standardOutput = directory.resolve("out");
    Path standardError = directory.resolve("err");
    Process process =
        new ProcessBuilder(resolved())
            .redirectInput(standardInput.toFile())
            .redirectOutput(standardOutput.toFile())
            .redirectError(standardError.toFile())
            .start();
    try {
      if (!process.waitFor(limit)) {
        throw new IllegalStateException(commandLine() + ": killed after " + limit);
      }
    } finally {
      process.destroyForcibly();
    }
    if (process.exitValue() != 0) {
      throw new IllegalStateException(
          "%s: exit code %d: %s"
              .formatted(
                  commandLine(), process.exitValue(), Files.readString(standardError).strip()));
    }
    return Files.readString(standardOutput);
  }

  private List<String> resolved() {
    List<String> resolved = new ArrayList<>(arguments);
    resolved.set(0, require(arguments.getFirst()).toString());
    return resolved;
  }

  private String commandLine() {
    return String.join(" ", arguments);
  }

  private static void deleteWithFiles(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  /**
   * The file of a program.
   *
   * @throws IllegalStateException one line that names the Debian package to install
   */
  public static Path require(String program) {
    return require(program, searchPath());
  }

  static Path require(String program, List<Path> directories) {
    return directories.stream()
        .map(directory -> directory.resolve(program))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException(
                "the program %s is missing: install the Debian package %s"
                    .formatted(program, DEBIAN_PACKAGES.getOrDefault(program, program))));
  }

  private static List<Path> searchPath() {
    String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
    return Stream.concat(
            Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(path)
                .filter(directory -> !directory.isEmpty())
                .map(Path::of),
            ADMINISTRATION.stream())
        .toList();
  }
}
