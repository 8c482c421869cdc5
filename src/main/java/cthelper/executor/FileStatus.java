package cthelper.executor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * What {@code stat(2)} and {@code lstat(2)} say of a file, without opening it.
 *
 * @param mode type and permissions, for example octal 100600
 */
record FileStatus(long device, long inode, int mode, int owner, int links) {

  private static final int TYPE = 0170000;

  /** What kinds of files there are, {@code inode(7)}. */
  enum Type {
    REGULAR,
    LINK,
    DIRECTORY,
    FIFO,
    SOCKET,
    DEVICE
  }

  /** Of the file itself, be it a symbolic link. */
  static FileStatus of(Path path) throws IOException {
    return read(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** Of what the path leads to. */
  static FileStatus ofTarget(Path path) throws IOException {
    return read(path);
  }

  private static FileStatus read(Path path, LinkOption... options) throws IOException {
    Map<String, Object> found = Files.readAttributes(path, "unix:dev,ino,mode,uid,nlink", options);
    return new FileStatus(
        number(found, "dev"),
        number(found, "ino"),
        (int) number(found, "mode"),
        (int) number(found, "uid"),
        (int) number(found, "nlink"));
  }

  private static long number(Map<String, Object> found, String name) {
    return ((Number) Objects.requireNonNull(found.get(name))).longValue();
  }

  Type type() {
    return switch (mode & TYPE) {
      case 0100000 -> Type.REGULAR;
      case 0120000 -> Type.LINK;
      case 0040000 -> Type.DIRECTORY;
      case 0010000 -> Type.FIFO;
      case 0140000 -> Type.SOCKET;
      default -> Type.DEVICE;
    };
  }

  /** Whether nobody but its owner may open it. */
  boolean isPrivate() {
    return (mode & 077) == 0;
  }
}
