package cthelper.executor;

/** For tests of namespaces with which nothing is done. */
final class Unheard implements RouterNamespaces.Listener {

  @Override
  public void appeared(RouterNamespace namespace) {}

  @Override
  public void vanished(RouterNamespace namespace) {}
}
