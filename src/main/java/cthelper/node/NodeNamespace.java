package cthelper.node;

import cthelper.model.RouterId;

/**
 * A namespace of a router as a node sees it.
 *
 * @param name for example {@code qrouter-5c9e1c6e-6a7b-4f52-9a53-0d0fb5d8a1c1}
 * @param router the id in the name
 * @param adoptable whether its name alone may make it a router ({@code qrouter-}), or it only
 *     attaches to a known one ({@code snat-})
 * @param cookie the kernel's SO_NETNS_COOKIE: another value is another namespace, whatever the name
 */
public record NodeNamespace(String name, RouterId router, boolean adoptable, long cookie) {}
