package cthelper.stream;

/** A message that no version of this service can have meant; its stream cannot go on. */
final class MalformedMessage extends RuntimeException {

  MalformedMessage(String what) {
    super(what);
  }
}
