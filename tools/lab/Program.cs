using WeCan.Lab.Nodes;
using WeCan.Lab.Run;

return args is [NodeProcess.Argument]
    ? await NodeProcess.RunAsync(Console.In, Console.Out)
    : await LabCommand.RunAsync(args);
