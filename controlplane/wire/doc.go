// Package wire speaks AWS's protocols: it registers actions with their generated
// request and response types, decodes requests strictly, and encodes answers and
// errors as EC2 Query and AWS Query have them. It knows neither HTTP nor the
// store; package server puts both around it. DESIGN.md has the reasons.
package wire
