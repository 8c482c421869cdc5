/**
 * The whole service as users run it: the packaged application in a process of its own, real
 * PostgreSQL, real namespaces, HTTP from outside. Names end in IT; they run after packaging.
 */
@NullMarked
package cthelper.service;

import org.jspecify.annotations.NullMarked;
