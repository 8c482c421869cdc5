package cthelper.lab;

/** A server in a namespace, until closed; afterwards nothing of it is left there. */
sealed interface Peer extends AutoCloseable permits FtpPeer, TftpPeer, ForeignPeer {

  @Override
  void close();
}
