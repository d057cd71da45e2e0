using WeCan.Cli;

return await CliProgram.RunAsync(args);
