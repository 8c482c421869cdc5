package cthelper.store;

import org.jspecify.annotations.Nullable;

/**
 * What an update says about a router: null leaves the attribute as it is, so that two updates of
 * different attributes at the same time both last.
 */
public record RouterChange(
    @Nullable String name,
    @Nullable String description,
    @Nullable Boolean adminStateUp,
    @Nullable Boolean distributed,
    @Nullable Boolean ha) {

  void applyTo(RouterEntity router) {
    router.name = name == null ? router.name : name;
    router.description = description == null ? router.description : description;
    router.adminStateUp = adminStateUp == null ? router.adminStateUp : adminStateUp;
    router.distributed = distributed == null ? router.distributed : distributed;
    router.ha = ha == null ? router.ha : ha;
    router.revision++;
  }
}
