package cthelper.start;

import cthelper.config.DataDirectory;
import cthelper.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;

/** Starts the database in the data directory it is given, says its address, and keeps it. */
final class EmbeddedDatabaseProgram {

  private EmbeddedDatabaseProgram() {}

  public static void main(String... arguments) throws IOException {
    try (EmbeddedDatabase database =
        EmbeddedDatabase.start(new DataDirectory(Path.of(arguments[1])))) {
      ChildJvm.say(arguments[0], database.jdbcUrl(), System.in);
    }
  }
}
