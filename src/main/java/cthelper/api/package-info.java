/**
 * HTTP in the OpenStack Networking wire format: resources, wire tables, errors, caller. The only
 * home of Neutron's names and of JAX-RS.
 */
@NullMarked
package cthelper.api;

import org.jspecify.annotations.NullMarked;
