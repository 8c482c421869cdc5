/** The wire, line by line of the contract: through HTTP, on a real PostgreSQL. */
@NullMarked
package cthelper.api;

import org.jspecify.annotations.NullMarked;
