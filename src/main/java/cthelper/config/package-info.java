/** Roles, the one typed configuration mapping and the checks before the start. */
@NullMarked
package cthelper.config;

import org.jspecify.annotations.NullMarked;
