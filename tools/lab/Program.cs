using WeCan.Lab.Run;

return await LabCommand.RunAsync(args);
