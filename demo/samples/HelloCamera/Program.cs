// A window, a camera, a model.
//   dotnet run --project demo/samples/HelloCamera -- camera:0 MODEL.onnx
using RealtimeCnn.App;

using var app = CameraApp.Open(args[0], args[1]);
app.Run(frame => frame.Overlay.Label(frame.Prediction.Top1));
