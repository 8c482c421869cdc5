package cthelper.store;

import cthelper.model.RouterId;
import java.util.Set;

/**
 * Where something may be due: in placements of these routers, or in any at all. A hint, which says
 * where to look: what is due is in the table ({@link PlacementStore}).
 *
 * @param any whether to look everywhere
 * @param routers where to look otherwise
 */
public record MaybeDue(boolean any, Set<RouterId> routers) {

  /** How many routers are named; of more nothing is said but that there are. */
  public static final int MOST = 200;

  public static final MaybeDue ANYWHERE = new MaybeDue(true, Set.of());

  public MaybeDue {
    routers = Set.copyOf(routers);
  }

  public static MaybeDue in(Set<RouterId> routers) {
    return routers.size() > MOST ? ANYWHERE : new MaybeDue(false, routers);
  }
}
