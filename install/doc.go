// Package install puts the kernel where Jupyter finds it, and brings a JupyterLab
// and the lessons where there are none.
//
//	System (operating system, home, environment)
//	   │ where things belong
//	   ├─▶ Spec.Install ──▶ kernels/NAME: kernel.json, the binary, logos, gosrc.zip
//	   ├─▶ FindLab / MakeLab ──▶ JupyterLab on PATH, or one in a venv of ours
//	   ├─▶ CopyLessons ──▶ the learner's folder; what they worked on is kept
//	   ├─▶ Lab.Start ──▶ a running JupyterLab and its URL
//	   └─▶ Doctor ──▶ findings, each with the command that mends it
//
// In: the running binary, the environment, the embedded lessons. Out: files and
// child processes. Nothing here needs the command jupyter; errors say what to do.
package install
