using RealtimeCnn.Fuzz.Running;

// The child process of a run: RealtimeCnn.Fuzz.dll FROM COUNT [--gpu] [--guard] [--corpus=FOLDER]. People start
// `dotnet run -c Release --project bench/RealtimeCnn.Benchmarks -- fuzz` instead, which starts children and reads what they say.
ChildMain.RunFiles(ChildOptions.Parse(args), Console.Out);
