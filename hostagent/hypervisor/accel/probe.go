package accel

// The probe is a boot sector: the BIOS loads it at 0x7c00 in real mode; it enters
// long mode, counts down from 50 million in a loop of two instructions, and ends QEMU
// through the isa-debug-exit device. Whoever cannot run guest code at speed, as a
// nested or emulated KVM, cannot hide it here: every step is the guest's own.
//
//	7c00  fa                    cli
//	7c01  31 c0                 xor   ax, ax
//	7c03  8e d8 8e c0 8e d0     mov   ds, ax; mov es, ax; mov ss, ax
//	      -- three zeroed pages at 0x1000: PML4, PDPT, PD
//	7c09  bf 00 10              mov   di, 0x1000
//	7c0c  66 b8 00 10 00 00     mov   eax, 0x1000
//	7c12  0f 22 d8              mov   cr3, eax
//	7c15  66 31 c0              xor   eax, eax
//	7c18  b9 00 0c              mov   cx, 0xc00
//	7c1b  fc                    cld
//	7c1c  66 f3 ab              rep stosd
//	7c1f  c7 06 00 10 03 20     mov   word [0x1000], 0x2003    ; PML4 -> PDPT
//	7c25  c7 06 00 20 03 30     mov   word [0x2000], 0x3003    ; PDPT -> PD
//	7c2b  c6 06 00 30 83        mov   byte [0x3000], 0x83      ; the first 2 MiB as they are
//	7c30  b0 20                 mov   al, 0x20
//	7c32  0f 22 e0              mov   cr4, eax                 ; PAE
//	7c35  66 b9 80 00 00 c0     mov   ecx, 0xc0000080          ; EFER
//	7c3b  0f 32                 rdmsr
//	7c3d  80 cc 01              or    ah, 1                    ; LME
//	7c40  0f 30                 wrmsr
//	7c42  0f 20 c0              mov   eax, cr0
//	7c45  66 0d 01 00 00 80     or    eax, 0x80000001          ; paging, protection
//	7c4b  0f 22 c0              mov   cr0, eax
//	7c4e  66 0f 01 16 79 7c     lgdt  [0x7c79]
//	7c54  ea 59 7c 08 00        jmp   0x08:0x7c59
//	      -- 64 bits from here
//	7c59  b9 80 f0 fa 02        mov   ecx, 50000000
//	7c5e  ff c9                 dec   ecx
//	7c60  75 fc                 jnz   0x7c5e
//	7c62  b0 10                 mov   al, 0x10
//	7c64  e6 f4                 out   0xf4, al                 ; QEMU exits with 0x10<<1 | 1
//	7c66  f4 eb fd              hlt; jmp 0x7c66
//	      -- GDT: null, 64-bit code
//	7c69  00 00 00 00 00 00 00 00
//	7c71  00 00 00 00 00 9a 20 00
//	7c79  0f 00 69 7c 00 00     limit 15, base 0x7c69
var code = []byte{
	0xfa, 0x31, 0xc0, 0x8e, 0xd8, 0x8e, 0xc0, 0x8e, 0xd0,
	0xbf, 0x00, 0x10, 0x66, 0xb8, 0x00, 0x10, 0x00, 0x00, 0x0f, 0x22, 0xd8,
	0x66, 0x31, 0xc0, 0xb9, 0x00, 0x0c, 0xfc, 0x66, 0xf3, 0xab,
	0xc7, 0x06, 0x00, 0x10, 0x03, 0x20, 0xc7, 0x06, 0x00, 0x20, 0x03, 0x30, 0xc6, 0x06, 0x00, 0x30, 0x83,
	0xb0, 0x20, 0x0f, 0x22, 0xe0,
	0x66, 0xb9, 0x80, 0x00, 0x00, 0xc0, 0x0f, 0x32, 0x80, 0xcc, 0x01, 0x0f, 0x30,
	0x0f, 0x20, 0xc0, 0x66, 0x0d, 0x01, 0x00, 0x00, 0x80, 0x0f, 0x22, 0xc0,
	0x66, 0x0f, 0x01, 0x16, 0x79, 0x7c, 0xea, 0x59, 0x7c, 0x08, 0x00,
	0xb9, 0x80, 0xf0, 0xfa, 0x02, 0xff, 0xc9, 0x75, 0xfc,
	0xb0, 0x10, 0xe6, 0xf4, 0xf4, 0xeb, 0xfd,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x9a, 0x20, 0x00,
	0x0f, 0x00, 0x69, 0x7c, 0x00, 0x00,
}

const (
	sectorSize = 512
	exitPort   = 0xf4
	exitStatus = 0x10<<1 | 1 // isa-debug-exit's status for the byte that the probe writes
)

// bootSector is the probe as a disk of one sector, with the BIOS's signature.
func bootSector() []byte {
	b := make([]byte, sectorSize)
	copy(b, code)
	b[510], b[511] = 0x55, 0xaa
	return b
}
