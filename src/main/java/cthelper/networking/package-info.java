/**
 * The Networking service (Neutron) that exists beside this one: which routers it has, and whose
 * they are. Only with {@code cthelper.router-source=neutron}. What that comes to here is decided in
 * {@code api} and {@code store}.
 */
@NullMarked
package cthelper.networking;

import org.jspecify.annotations.NullMarked;
