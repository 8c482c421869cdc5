package cthelper.store;

import cthelper.model.RouterId;

/**
 * A namespace of a router as its node reports it.
 *
 * @param name for example {@code qrouter-5c9e1c6e-6a7b-4f52-9a53-0d0fb5d8a1c1}
 * @param router the id in the name; whether there is such a router is not asked
 * @param adoptable whether the name alone may make it a router
 * @param cookie the kernel's identity of the namespace: another value is another namespace
 */
public record ReportedNamespace(String name, RouterId router, boolean adoptable, long cookie) {}
