Console.Error.WriteLine("demo: not playable yet: its frame sources and network are on their way.");
return 1;
