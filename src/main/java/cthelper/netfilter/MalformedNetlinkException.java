package cthelper.netfilter;

/** Bytes that are not netlink, or lack what they must have. The only way reading them can fail. */
final class MalformedNetlinkException extends RuntimeException {

  MalformedNetlinkException(String message) {
    super(message);
  }
}
