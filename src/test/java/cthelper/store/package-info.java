/**
 * The store on a real PostgreSQL: what is in the tables afterwards, also when many write at once.
 */
@NullMarked
package cthelper.store;

import org.jspecify.annotations.NullMarked;
