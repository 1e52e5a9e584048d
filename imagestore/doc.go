// Package imagestore keeps images and volumes as qcow2 files on one host.
//
// An image is content-addressed and never changes; what is imported is hostile until
// proven otherwise, so its headers are read by this package before any other program
// sees the file. A root volume is a qcow2 overlay of an image, made by writing a
// header: that takes the same time whatever the image's size. DESIGN.md in this
// folder says how files survive a crash and what is checked, and why.
package imagestore
