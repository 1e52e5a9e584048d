package sim

import (
	"fmt"
	"os"
)

// maxLog bounds a simulated console's log, as virtlogd bounds a real one.
const maxLog = 256 << 10

func (h *Hypervisor) bootText(g *guest) string {
	if h.opt.BootText != "" {
		return h.opt.BootText
	}
	return fmt.Sprintf("Mica: simulated guest %s, boot %d: %d vCPUs, %d MiB\r\nlogin: \n",
		g.Guest.Instance, g.Guest.Epoch, g.Spec.VCPUs, g.Spec.MemoryMiB)
}

// say adds text to the console's log. A console that cannot be written is not the
// guest's trouble, on real hardware neither.
func (h *Hypervisor) say(g *guest, text string) {
	path := g.Spec.ConsoleLog
	if path == "" {
		return
	}
	if fi, err := os.Stat(path); err == nil && fi.Size()+int64(len(text)) > maxLog {
		_ = os.Rename(path, path+".0")
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return
	}
	_, _ = f.WriteString(text)
	_ = f.Close()
}
