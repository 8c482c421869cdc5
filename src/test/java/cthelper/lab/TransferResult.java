package cthelper.lab;

/** What a client got out of a transfer. */
public sealed interface TransferResult {

  /** The data came, complete. */
  record Received(Payload payload) implements TransferResult {}

  /**
   * The data did not come in time. For FTP the control connection still answered afterwards, so it
   * is the data connection alone that did not pass.
   */
  record NoData(String reason) implements TransferResult {}
}
