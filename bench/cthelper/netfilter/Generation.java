package cthelper.netfilter;

import java.util.List;

/**
 * The number that every commit to a namespace's ruleset raises, asked for with as little work as
 * possible. In the package of {@link NamespaceSocket#exchange}.
 */
public final class Generation {

  private static final List<NetlinkRequest> QUESTION = List.of(NftQueries.generation());

  private Generation() {}

  /** The number right now. */
  public static int of(NamespaceSocket socket) {
    if (socket.exchange(QUESTION) instanceof Exchange.Answered answered) {
      return answered.to(0).getFirst().attributes().get(Nft.GENERATION_ID).integer();
    }
    throw new IllegalStateException("the generation cannot be read");
  }
}
